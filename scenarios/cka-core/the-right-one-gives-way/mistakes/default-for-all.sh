kubectl create priorityclass {{class}} --value={{value}} --global-default
kubectl patch deployment reports -n {{ns}} -p '{"spec":{"template":{"spec":{"priorityClassName":"leisure"}}}}'
kubectl rollout status deployment reports -n {{ns}} --timeout=20s || true
kubectl patch deployment payments -n {{ns}} -p '{"spec":{"template":{"spec":{"priorityClassName":"{{class}}"}}}}'
