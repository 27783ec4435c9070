// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.testing.container;

import java.nio.file.Path;

/** A host, of its own mount namespace, whose journal and syslog are a test. */
public final class SystemLogs {

    private SystemLogs() {}

    /** The same runtime for whom this socket is that of the journal, and of syslog. */
    public static OciRuntime at(OciRuntime runtime, Path socket) {
        String script = """
                mount -t tmpfs tmpfs /run; mount -t tmpfs tmpfs /dev; mkdir -p /run/systemd/journal
                for d in null:3 zero:5 random:8 urandom:9; do mknod -m 666 /dev/${d%:*} c 1 ${d#*:}; done
                for s in /run/systemd/journal/socket /dev/log; do touch $s; mount --bind "$0" $s; done
                JRUN_ENGINE_IDLE=0 exec "$@\"""";
        return runtime.behind("unshare", "--mount", "--propagation", "private", "sh", "-ec", script, socket.toString());
    }
}
