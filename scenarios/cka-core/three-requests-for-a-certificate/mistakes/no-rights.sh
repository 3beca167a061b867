kubectl certificate approve {{who.second}}
kubectl certificate deny {{who.first}}
