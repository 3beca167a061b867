kubectl set resources deployment till -n {{ns}} --requests=cpu=100m
kubectl autoscale deployment till -n {{ns}} --cpu={{target}}% --min=2 --max={{most}}
kubectl patch hpa till -n {{ns}} -p '{"spec":{"behavior":{"scaleUp":{"stabilizationWindowSeconds":120}}}}'
