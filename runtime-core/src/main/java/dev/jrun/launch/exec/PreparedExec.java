// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.exec;

import dev.jrun.program.Patch;
import dev.jrun.program.Program;
import dev.jrun.spec.Process;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * An {@link ExecProgram} to run again, for the same process in the same container: its bytes, how to talk with it, and
 * the last value of HOME.
 */
public final class PreparedExec {

    private final Process process;
    private final Program.Encoded program;
    private final ExecProtocol protocol;
    private final OptionalLong init;
    private volatile Home home;

    /** What an /etc/passwd made of HOME. */
    private record Home(byte[] passwd, String directory) {}

    /**
     * @param process which is executed
     * @param init the inode number of pidfds of the container's init, if that is known
     */
    public PreparedExec(Process process, Program.Encoded program, ExecProtocol protocol, OptionalLong init) {
        this.process = process;
        this.program = program;
        this.protocol = protocol;
        this.init = init;
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

    /** What is known of init and of HOME, to be said in advance. */
    public List<Patch> known() {
        List<Patch> patches = new ArrayList<>(4);
        if (init.isPresent()) {
            patches.add(protocol.initPatch(init.getAsLong()));
        }
        Home known = home;
        if (known != null) {
            patches.addAll(protocol.knownHomePatches(known.passwd, known.directory));
        }
        return patches;
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
