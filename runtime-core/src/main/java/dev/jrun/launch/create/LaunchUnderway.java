// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.create;

import dev.jrun.launch.netdev.ReturnedDevices;
import dev.jrun.launch.part.Tag;
import dev.jrun.launch.process.Environment;
import dev.jrun.launch.process.HostUser;
import dev.jrun.program.Patch;
import dev.jrun.program.Register;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedMap;

/**
 * What is kept of a launch program once a shim has it. Hooks and file systems can make a launch take any time, and the
 * program may be large, so the rest is forgotten.
 *
 * @param pid holds init's pid, as the caller's pid namespace has it
 * @param home where in the image {@link #homePatch} belongs, where the configuration names no home
 * @param hostUser where {@link #hostUserPatch} belongs
 * @param devices that are given back when the container is deleted
 * @param refused where to go on from {@link Tag#PREPARED} if the container cannot be recorded: init is killed, and the
 *     program ends
 * @param instructions how many the program has
 * @param startSteps what the instructions of init that come after {@code start} are about, by index: for a failure that
 *     is reported when all else is long forgotten. Empty if init does not wait for {@code start}
 * @param afterStart what is still to be known when {@link Tag#STARTED} was reported
 */
public record LaunchUnderway(
        Register pid,
        OptionalInt home,
        OptionalInt hostUser,
        ReturnedDevices devices,
        int refused,
        int instructions,
        SortedMap<Integer, String> startSteps,
        AfterStart afterStart) {

    public LaunchUnderway {
        startSteps = Collections.unmodifiableSortedMap(startSteps);
    }

    /**
     * The answer to {@link Tag#PREPARED}: which home directory the process gets, where its configuration names none.
     */
    public List<Patch> homePatch(String directory) {
        return home.isPresent() ? List.of(new Patch(home.getAsInt(), Environment.homeEntry(directory))) : List.of();
    }

    /**
     * Whether the answer to {@link Tag#PREPARED} has to say who the container's user is on the host: of a user
     * namespace that is joined.
     */
    public boolean asksForHostUser() {
        return hostUser.isPresent();
    }

    /** Says it. */
    public Patch hostUserPatch(long uid) {
        return HostUser.patch(hostUser.orElseThrow(), uid);
    }
}
