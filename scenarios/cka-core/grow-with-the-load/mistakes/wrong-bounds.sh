kubectl set resources deployment till -n {{ns}} --requests=cpu=100m
kubectl autoscale deployment till -n {{ns}} --cpu={{target}}% --max={{most}}
kubectl patch hpa till -n {{ns}} -p '{"spec":{"behavior":{"scaleDown":{"stabilizationWindowSeconds":120}}}}'
