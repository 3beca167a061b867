kubectl patch deployment {{app}} -n batch -p '{"spec":{"template":{"spec":{"nodeSelector":null}}}}'
