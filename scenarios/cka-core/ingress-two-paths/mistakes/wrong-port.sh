kubectl create ingress museum -n museum --class=nginx --rule="{{host}}/tickets*=tickets:80" --rule="{{host}}/plan=plan:80" --default-backend=lobby:80
