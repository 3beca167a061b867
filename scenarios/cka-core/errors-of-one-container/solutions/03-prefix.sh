kubectl logs till -n {{ns}} --all-containers --prefix > all.log
grep '/payments\] ERROR' all.log | sed 's/^\[[^]]*\] //' > ~/payments-errors.log
grep -c '/audit\] ERROR' all.log > ~/audit-count.txt
