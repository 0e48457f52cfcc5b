# Sourced by ./mvnw and ./quickstart: points JAVA_HOME at a JDK of version 25 or newer, if there is one.
# Looks at JAVA_HOME, JDK25 (or JAVA25_HOME), the java on PATH, then the usual folders. Leaves JAVA_HOME alone when none fits.

holdfast_jdk_major() {
  [ -x "$1/bin/javac" ] && [ -f "$1/release" ] || return 1
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

holdfast_find_jdk() {
  holdfast_path_java=$(command -v javac 2>/dev/null) && holdfast_path_java=$(readlink -f "$holdfast_path_java" 2>/dev/null)
  for holdfast_candidate in \
    "${JAVA_HOME:-}" "${JDK25:-}" "${JAVA25_HOME:-}" "${holdfast_path_java%/bin/javac}" \
    /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/*jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.m2/jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -n "$holdfast_candidate" ] || continue
    holdfast_major=$(holdfast_jdk_major "$holdfast_candidate") || continue
    if [ "${holdfast_major:-0}" -ge 25 ]; then
      JAVA_HOME=$holdfast_candidate
      export JAVA_HOME
      return 0
    fi
  done
  return 1
}
