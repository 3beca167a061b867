kubectl label namespace {{ns}} pod-security.kubernetes.io/enforce=restricted pod-security.kubernetes.io/warn=restricted
