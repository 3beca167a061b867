kubectl get deployment index -n {{ns}} -o json \
  | jq '.spec.template.spec.containers[0] |= (.startupProbe = (.livenessProbe | .failureThreshold = 60 | .periodSeconds = 2))' \
  | kubectl replace -f -
