kubectl create priorityclass {{class}} --value={{value}} --preemption-policy=Never
kubectl patch deployment reports -n {{ns}} -p '{"spec":{"template":{"spec":{"priorityClassName":"leisure"}}}}'
kubectl rollout status deployment reports -n {{ns}} --timeout=60s
kubectl patch deployment payments -n {{ns}} -p '{"spec":{"template":{"spec":{"priorityClassName":"{{class}}"}}}}'
