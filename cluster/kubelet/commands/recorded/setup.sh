mkdir -p /tmp/box/d/sub && cd /tmp/box || exit 1
printf 'one\ntwo\nthree\nfour\nfive\n' > f
printf 'one\n2\nthree\nfour\nsix\nfive\n' > f2
printf 'the quick brown fox\njumps over the lazy dog\nThe End\n' > words
printf 'root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1:daemon:/usr/sbin:/bin/false\nwww-data:x:33:33:www:/var/www:/bin/false\nnobody:x:65534:65534:nobody:/home:/bin/false\n' > pw
printf '10\n9\n2\n33\n1\n' > nums
printf 'name,age,city\nann,30,Oslo\nbob,4,Rome\ncat,12,Oslo\n' > csv
printf 'a\tb\tc\nd\t\\e\tf\n' > tabs
printf '  a  b\n\n\n  c\n\nd\n' > gaps
printf 'a|b c|d\n' > pipes
printf 'a 1\na 1\nA 1\nb 2\nc 3\nc 3\n' > dups
printf '2K\n1M\n10\n1K\n' > sizes
printf '1.10\n1.9\n1.2\n' > versions
printf 'two\nfive\n' > pats
printf 'a 1\nb 2\nd 4\n' > s1
printf 'b x\nc y\nd z\n' > s2
printf 'no newline' > nonl
printf '# comment\n/one/{\ns/one/1/\n}\n$a\\\nlast\n' > script.sed
printf '# awk\n{ n++ }\nEND { print n }\n' > script.awk
printf 'echo sourced $#\n' > script.sh
printf 'hello txt\n' > d/a.txt
printf 'log\n' > d/b.log
printf 'deep\nhello\n' > d/sub/c.txt
ln -s f link
