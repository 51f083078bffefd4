filedesc://x.arc 0.0.0.0 20140216050221 text/plain 9
1 0 Test

http://a.example/x y 1.2.3.4 20140216050221 text/html 19
HTTP/1.0 200 OK


dns:a.example 1.2.3.4 20140216050222 text/dns 200 - - 0 x.arc 4
abcd
