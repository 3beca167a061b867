kubectl set selector service {{app}} app={{app}},track=stable -n {{ns}}
