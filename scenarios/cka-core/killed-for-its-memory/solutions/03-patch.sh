kubectl patch deployment resizer -n {{ns}} -p '{"spec":{"template":{"spec":{"containers":[{"name":"worker","resources":{"requests":{"memory":"0.125Gi"},"limits":{"memory":"0.25Gi"}}}]}}}}'
