kubectl autoscale deployment till --cpu={{target}}% --min=2 --max={{most}} || true
