kubectl set env deployment router -n {{ns}} -c router MAX_RATE={{rate}}
