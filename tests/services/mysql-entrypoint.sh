#!/bin/sh
# Creates the users and the database from the variables of the official MySQL image, then runs the server.
set -e
quoted() { printf %s "$1" | sed "s/'/''/g"; }
data=/var/lib/mysql
mkdir -p "$data" /var/run/mysqld
chown -R mysql:mysql "$data" /var/run/mysqld
[ "${1:-}" = mysqld ] && shift
if [ ! -d "$data/mysql" ]; then
  mysqld --no-defaults --initialize-insecure --user=mysql --datadir="$data"
  {
    echo "ALTER USER root@localhost IDENTIFIED BY '$(quoted "${MYSQL_ROOT_PASSWORD:-}")';"
    echo "CREATE USER root@'%' IDENTIFIED BY '$(quoted "${MYSQL_ROOT_PASSWORD:-}")'; GRANT ALL ON *.* TO root@'%' WITH GRANT OPTION;"
    if [ -n "${MYSQL_DATABASE:-}" ]; then echo "CREATE DATABASE \`$MYSQL_DATABASE\`;"; fi
    if [ -n "${MYSQL_USER:-}" ] && [ "$MYSQL_USER" != root ]; then
      echo "CREATE USER '$(quoted "$MYSQL_USER")'@'%' IDENTIFIED BY '$(quoted "$MYSQL_PASSWORD")';"
      echo "GRANT ALL ON *.* TO '$(quoted "$MYSQL_USER")'@'%';"
    fi
  } > /tmp/init.sql
  chown mysql /tmp/init.sql
  set -- --init-file=/tmp/init.sql "$@"
fi
exec mysqld --no-defaults --user=mysql --datadir="$data" --bind-address=0.0.0.0 --port=3306 \
  --socket=/var/run/mysqld/mysqld.sock --mysqlx=OFF --secure-file-priv=NULL "$@"
