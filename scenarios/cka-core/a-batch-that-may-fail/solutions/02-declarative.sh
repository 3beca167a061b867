kubectl apply -f - <<EOF
apiVersion: batch/v1
kind: Job
metadata: {name: sort, namespace: {{ns}}}
spec:
  completions: 6
  parallelism: 3
  backoffLimit: 2
  activeDeadlineSeconds: 600
  template:
    spec:
      restartPolicy: OnFailure
      containers:
      - {name: sort, image: "busybox:1.37", command: [sh, -c, "echo sorted"]}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: tidy, namespace: {{ns}}}
spec:
  schedule: "30 {{hour}} * * *"
  timeZone: Asia/Seoul
  concurrencyPolicy: Forbid
  successfulJobsHistoryLimit: 1
  failedJobsHistoryLimit: 0
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
          - {name: tidy, image: "busybox:1.37", args: [sh, -c, "echo tidy"]}
EOF
kubectl wait job/sort -n {{ns}} --for=condition=complete --timeout=90s
