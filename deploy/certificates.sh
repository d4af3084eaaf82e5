#!/bin/sh
# Makes the certificate by which the site knows its own Elasticsearch, once:
# certificates.sh FOLDER HOST ... The authority's key is thrown away, so nobody can issue another.
# To renew, remove the folder's files (they last ten years) and start everything again.
set -eu
umask 077
folder=$1
shift
if [ -e "$folder/elasticsearch.crt" ]; then
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
names="IP:127.0.0.1"
for host in "$@"; do
    names="$names,DNS:$host"
done

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 3650 \
    -keyout "$work/ca.key" -out "$work/ca.crt" -subj "/CN=Learning Hub, its own authority" \
    -addext "keyUsage=critical,keyCertSign,cRLSign" 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc \
    -keyout "$work/elasticsearch.key" -out "$work/request" -subj "/CN=$1" 2>/dev/null
printf '%s\n' "subjectAltName=$names" "extendedKeyUsage=serverAuth" \
    "authorityKeyIdentifier=keyid" "subjectKeyIdentifier=hash" >"$work/extensions"
openssl x509 -req -in "$work/request" -days 3650 -extfile "$work/extensions" \
    -CA "$work/ca.crt" -CAkey "$work/ca.key" -out "$work/elasticsearch.crt" 2>/dev/null

chmod 644 "$work/ca.crt" "$work/elasticsearch.crt"
cp -p "$work/ca.crt" "$work/elasticsearch.key" "$folder"
cp -p "$work/elasticsearch.crt" "$folder" # last: its presence says that all is there
