kubectl delete pod -n {{ns}} --field-selector=status.phase==Succeeded -l 'job-name notin (run-{{day.evidence}})'
kubectl delete pod -n {{ns}} --field-selector=status.phase==Failed
kubectl rollout restart deployment portal -n {{ns}}
