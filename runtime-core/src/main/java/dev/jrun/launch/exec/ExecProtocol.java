// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.exec;

import dev.jrun.launch.PidFile;
import dev.jrun.launch.part.CgroupIdentity;
import dev.jrun.launch.part.Tag;
import dev.jrun.launch.process.Environment;
import dev.jrun.launch.process.HostUser;
import dev.jrun.program.Patch;
import dev.jrun.program.Register;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How the engine talks with an {@link ExecProgram} that runs: which registers its reports have, and where in its image
 * answers go. That is all that it takes, but for a failure.
 *
 * @param pid of the process, as the caller's pid namespace has it
 * @param status the wait status of a process that ended before it executed, wait(2)
 * @param insideErrno the errno of an instruction that failed inside
 * @param insideInstruction the index of an instruction that failed inside
 * @param failedInstruction the index of an instruction of the shim that failed
 * @param failedErrno its errno
 * @param abandoned the index of the instruction to go on with if nothing is to be executed: the program ends, and
 *     nothing is left
 * @param cgroups to be said at the begin: which directories the container's cgroups are
 * @param init likewise, if it can be said: which process init is
 * @param pidFile where its name is, if one is written
 */
public record ExecProtocol(
        Register pid,
        Register status,
        Register insideErrno,
        Register insideInstruction,
        Register failedInstruction,
        Register failedErrno,
        int abandoned,
        CgroupIdentity.Place cgroups,
        Optional<KnownInit.Place> init,
        OptionalInt hostUser,
        Optional<Home> home,
        Optional<PidFile.Place> pidFile) {

    /**
     * Where HOME goes, if the environment does not say what it is.
     *
     * @param answer to a question for it
     * @param known what it was the last time
     */
    record Home(int answer, KnownHome.Place known) {}

    /** Whether it can be said at the begin which process init is. */
    public boolean canKnowInit() {
        return init.isPresent();
    }

    /** Says it: the inode number of its pidfds. */
    public Patch initPatch(long number) {
        return init.orElseThrow().patch(number);
    }

    /** Whether the answer to {@link Tag#HELD} has to say who the process's user is on the host. */
    public boolean asksForHostUser() {
        return hostUser.isPresent();
    }

    /** Says it. */
    public Patch hostUserPatch(long uid) {
        return HostUser.patch(hostUser.orElseThrow(), uid);
    }

    /** The answer to {@link Tag#PREPARED}: which home directory the process gets. */
    public Patch homePatch(String directory) {
        return new Patch(home.orElseThrow().answer, Environment.homeEntry(directory));
    }

    /** Whether it can be said in advance what this /etc/passwd makes of HOME. */
    public boolean canKnowHome(byte[] passwd) {
        return home.isPresent() && passwd.length <= KnownHome.LONGEST;
    }

    /** Says it, at the begin. */
    public List<Patch> knownHomePatches(byte[] passwd, String directory) {
        return home.orElseThrow().known.patches(passwd, directory);
    }
}
