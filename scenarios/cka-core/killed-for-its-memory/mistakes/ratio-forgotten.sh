kubectl set resources deployment resizer -n {{ns}} --limits=memory=256Mi
