kubectl create ingress museum -n museum --class=nginx --rule="{{host}}/tickets*=tickets:8080" --rule="{{host}}/plan=plan:80" --rule="{{host}}/*=lobby:80"
