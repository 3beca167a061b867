KUBE_EDITOR="sed -i -e 's/revisionHistoryLimit: .*/revisionHistoryLimit: 5/' -e 's/maxSurge: .*/maxSurge: 50%/' -e 's/maxUnavailable: .*/maxUnavailable: 0%/'" kubectl edit deployment press -n {{ns}}
kubectl rollout undo deployment/press -n {{ns}} --to-revision=2
kubectl rollout status deployment/press -n {{ns}} --timeout=90s
