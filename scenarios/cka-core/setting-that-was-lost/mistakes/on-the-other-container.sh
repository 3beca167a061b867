kubectl set env deployment router -n {{ns}} -c status MAX_RATE={{rate}}
