kubectl patch service {{app}} -n {{ns}} --type=json -p '[
  {"op": "remove", "path": "/spec/selector/track"},
  {"op": "replace", "path": "/spec/ports/0/targetPort", "value": "http"}
]'
