kubectl create ingress museum -n museum --rule="{{host}}/tickets*=tickets:8080" --rule="{{host}}/plan=plan:80" --default-backend=lobby:80
