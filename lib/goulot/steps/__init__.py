"""One module per question of the playbook: frames and a policy in, a result out, nothing else."""
