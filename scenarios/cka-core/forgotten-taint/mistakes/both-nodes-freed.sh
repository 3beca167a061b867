kubectl taint nodes --all firmware- || true
