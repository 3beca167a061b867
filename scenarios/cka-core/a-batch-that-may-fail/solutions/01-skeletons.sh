kubectl create job sort -n {{ns}} --image=busybox:1.37 --dry-run=client -o yaml -- sh -c "echo sorted" > job.yaml
sed -i 's/^spec:/spec:\n  completions: 6\n  parallelism: 3\n  backoffLimit: 2\n  activeDeadlineSeconds: 600/' job.yaml
kubectl create -f job.yaml
kubectl create cronjob tidy -n {{ns}} --image=busybox:1.37 --schedule='30 {{hour}} * * *' --dry-run=client -o yaml -- sh -c "echo tidy" > cron.yaml
sed -i 's/^spec:/spec:\n  timeZone: Asia\/Seoul\n  concurrencyPolicy: Forbid\n  successfulJobsHistoryLimit: 1\n  failedJobsHistoryLimit: 0/' cron.yaml
kubectl create -f cron.yaml
kubectl wait job/sort -n {{ns}} --for=condition=complete --timeout=90s
