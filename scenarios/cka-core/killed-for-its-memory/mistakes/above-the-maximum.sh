kubectl set resources deployment resizer -n {{ns}} --limits=memory=512Mi --requests=memory=256Mi
