kubectl patch service {{app}} -n {{ns}} --type=json -p '[{"op": "replace", "path": "/spec/ports/0/targetPort", "value": 9898}]'
