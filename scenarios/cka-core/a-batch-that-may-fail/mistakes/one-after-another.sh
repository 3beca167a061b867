sed 's/parallelism: 3/parallelism: 1/' > both.yaml <<EOF
apiVersion: batch/v1
kind: Job
metadata: {name: sort, namespace: {{ns}}}
spec:
  completions: 6
  parallelism: 3
  backoffLimit: 2
  activeDeadlineSeconds: 600
  template: {spec: {restartPolicy: Never, containers: [{name: sort, image: "busybox:1.37", command: [sh, -c, "echo sorted"]}]}}
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
  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: tidy, image: "busybox:1.37", command: [sh, -c, "echo tidy"]}]}}}}
EOF
kubectl create -f both.yaml
