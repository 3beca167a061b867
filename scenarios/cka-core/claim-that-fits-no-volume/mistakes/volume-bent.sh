kubectl patch pv scans-old -p '{"spec":{"capacity":{"storage":"{{size.asked}}"},"accessModes":["ReadWriteMany","ReadWriteOnce"]}}'
