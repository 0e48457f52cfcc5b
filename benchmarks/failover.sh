#!/bin/sh
# How long a PostgreSQL cluster takes no writes when its primary is lost. Needs Linux, root and iproute2. See --help.
set -eu

home=$(cd "$(dirname "$0")/.." && pwd -P)
. "$home/.mvn/jdk.sh"
holdfast_find_jdk || { echo "failover.sh: no JDK 25 or newer found; point JAVA_HOME at one" >&2; exit 1; }

if [ "${1-}" = --no-build ]; then
  shift
else
  "$home/mvnw" -f "$home/pom.xml" -B -ntp -q -DskipTests -Dspotless.check.skip=true package >&2
fi
exec "$JAVA_HOME/bin/java" "-Dholdfast.home=$home" --enable-native-access=ALL-UNNAMED \
  -cp "$home/benchmarks/target/benchmarks.jar" dev.holdfast.benchmarks.failover.FailoverBenchmark "$@"
