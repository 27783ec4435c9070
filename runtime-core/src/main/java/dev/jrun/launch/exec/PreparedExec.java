// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.exec;

import dev.jrun.program.Patch;
import dev.jrun.program.Program;
import dev.jrun.spec.Process;
import java.util.List;

/**
 * An {@link ExecProgram} to be run again, for the same process in the same container: its bytes, how to talk with it, and what HOME was the
 * last time.
 */
public final class PreparedExec {

    private final Process process;
    private final Program.Encoded program;
    private final ExecProtocol protocol;
    private volatile Home home;

    /** What an /etc/passwd made of HOME. */
    private record Home(byte[] passwd, String directory) {}

    /** @param process which is executed */
    public PreparedExec(Process process, Program.Encoded program, ExecProtocol protocol) {
        this.process = process;
        this.program = program;
        this.protocol = protocol;
    }

    public Process process() {
        return process;
    }

    public Program.Encoded program() {
        return program;
    }

    public ExecProtocol protocol() {
        return protocol;
    }

    /** What is known of HOME, to be said in advance. */
    public List<Patch> knownHome() {
        Home known = home;
        return known == null ? List.of() : protocol.knownHomePatches(known.passwd, known.directory);
    }

    /** Keeps what this /etc/passwd has made of HOME. */
    public void learnHome(byte[] passwd, String directory) {
        if (protocol.canKnowHome(passwd)) {
            home = new Home(passwd, directory);
        }
    }

    /** Bytes that it takes at most, but for its process. */
    public int size() {
        return program.length() + KnownHome.LONGEST;
    }
}
