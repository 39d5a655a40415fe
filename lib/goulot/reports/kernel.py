"""Kernels of this very Python, talking through files that only this user can read."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Self

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner

from goulot.reports.fork_server import CURES, ForkServer

_LAUNCH = "import goulot, runpy; runpy.run_module('ipykernel_launcher', run_name='__main__')"


class KernelOfThisPython(AsyncKernelManager):
    """A kernel that depends on no installed kernelspec, no profile of the user and no TCP port."""

    scratch: ClassVar[Path]
    environment: ClassVar[Mapping[str, str]]
    started: ClassVar[list["KernelOfThisPython"]]
    server: ClassVar[ForkServer | None]

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.started.append(self)
        if self.server is not None:
            self.provisioner = ForkingProvisioner(parent=self, kernel_spec=self.kernel_spec)
        if os.name == "posix":  # Windows has no such sockets
            self.transport = "ipc"
        self.connection_file = str(self.scratch / f"{len(self.started)}-{id(self):x}.json")

    @property
    def kernel_spec(self) -> KernelSpec:
        # goulot first: it keeps a slow import out (see goulot/__init__.py).
        return KernelSpec(
            argv=[sys.executable, "-c", _LAUNCH, "-f", "{connection_file}"],
            display_name="Python 3",
            language="python",
            env={**CURES, "IPYTHONDIR": str(self.scratch / "ipython"), **self.environment},
        )


class ForkingProvisioner(LocalProvisioner):
    """Kernels come from the fork server of their run."""

    async def launch_kernel(self, cmd: list[str], **options: Any) -> KernelConnectionInfo:
        arguments = cmd[cmd.index(_LAUNCH) + 1 :]
        forked = self.parent.server.fork(arguments, options["env"], str(options["cwd"]))
        self.process, self.pid, self.pgid, self.cwd = forked, forked.pid, None, options["cwd"]
        return self.connection_info


class Kernels:
    """The kernels of one run: a manager class for nbclient, and a way to end them all.

    They are forked by ``server``; None: each is started anew.
    """

    def __init__(
        self, scratch: Path, environment: Mapping[str, str], server: ForkServer | None
    ) -> None:
        self.manager = type(
            "KernelOfThisRun",
            (KernelOfThisPython,),
            {
                "scratch": scratch,
                "environment": {**environment},
                "server": server,
                "started": [],
            },
        )
        self.are_ended = False

    def kill(self) -> None:
        """End every kernel at once; a notebook that waits for one then stops."""
        self.are_ended = True
        for kernel in self.manager.started:
            process = getattr(kernel.provisioner, "process", None)
            if process is not None and process.poll() is None:
                process.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
