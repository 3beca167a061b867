kubectl create job sort -n {{ns}} --image=busybox:1.37 --dry-run=client -o yaml -- sh -c "echo sorted" | sed 's/^spec:/spec:\n  completions: 6\n  parallelism: 3\n  backoffLimit: 2\n  activeDeadlineSeconds: 600/' | kubectl create -f -
# not accepted, and then given up
kubectl create cronjob tidy -n {{ns}} --image=busybox:1.37 --schedule='{{hour}} 30 * * *' -- sh -c "echo tidy" || true
kubectl create cronjob tidy -n {{ns}} --image=busybox:1.37 --schedule='30 {{hour}} 31 2 *' --dry-run=client -o yaml -- sh -c "echo tidy" | sed 's/^spec:/spec:\n  timeZone: Asia\/Seoul\n  concurrencyPolicy: Forbid\n  successfulJobsHistoryLimit: 1\n  failedJobsHistoryLimit: 0/' | kubectl create -f -
