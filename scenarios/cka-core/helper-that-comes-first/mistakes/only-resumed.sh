kubectl patch job {{job}} -n {{ns}} -p '{"spec":{"suspend":false}}'
