// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.cgroup.OwnDirectories;
import dev.jrun.container.conversation.Conversation;
import dev.jrun.container.conversation.WarningWriter;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.launch.BundlePath;
import dev.jrun.launch.Caller;
import dev.jrun.launch.create.CreateProgram;
import dev.jrun.launch.namespace.InheritedNamespaces;
import dev.jrun.launch.netdev.DeviceAddress;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Patch;
import dev.jrun.program.Program;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import dev.jrun.spec.Config;
import dev.jrun.spec.Linux;
import java.util.List;
import java.util.Map;

/**
 * What a shim does while the engine plans a launch: it reads the bundle, becomes a sealed copy of itself and enters
 * namespaces. Each must be awaited before the shim takes another program.
 */
final class ShimPreparation {

    private final Session session;
    private final BundleReader reader;
    private final Sealing sealing;
    private final SeparateProcessors side;
    private Conversation reading;
    private Conversation namespaces;
    private Conversation launch;
    private CreateProgram held;

    /** @param side where the engine plans, and the shim does all this */
    ShimPreparation(Session session, Host host, SeparateProcessors side) {
        this.session = session;
        this.reader = new BundleReader(session, host);
        this.sealing = new Sealing(session, host);
        this.side = side;
    }

    /** Has the shim read the bundle, and then become a sealed copy of itself. */
    void readAndSeal(BundlePath path, Caller caller, int preservedDescriptors) throws SessionBrokenException {
        Program program = reader.sealingProgram(path, caller, preservedDescriptors, side.parting());
        reading = Conversation.run(session, program);
    }

    /**
     * Waits for the bundle.
     *
     * @throws ContainerException if it cannot be read
     */
    BundleReader.Bundle awaitBundle() throws ContainerException, SessionBrokenException {
        Conversation running = reading;
        reading = null;
        BundleReader.Bundle bundle = reader.awaitBundle(running);
        sealing.begin(running);
        return bundle;
    }

    /** Has the shim say what the caller should know before anything is done. */
    void warn(WarningWriter writer, List<String> warnings) throws ContainerException, SessionBrokenException {
        sealing.warn(writer, warnings);
    }

    /** The addresses of the caller's network devices that are to be moved, by the devices' names. */
    Map<String, List<DeviceAddress>> addressesOf(Linux linux) throws ContainerException, SessionBrokenException {
        if (linux.netDevices().isEmpty()) {
            return Map.of();
        }
        sealing.await();
        return new NetDeviceAddresses(session).of(linux.netDevices().sequencedKeySet());
    }

    /** Has the shim enter the namespaces that init is to inherit. */
    void enterNamespaces(Config config) throws ContainerException, SessionBrokenException {
        sealing.await();
        if (InheritedNamespaces.areIn(config)) {
            namespaces = Conversation.run(session, InheritedNamespaces.program(config, side.parting()));
        }
    }

    /**
     * Waits until the shim is ready for the next program.
     *
     * @throws ContainerException if something failed in it
     */
    void await() throws ContainerException, SessionBrokenException {
        sealing.await();
        Conversation running = namespaces;
        if (running != null) {
            namespaces = null;
            running.awaitEnd();
        }
    }

    /** Gives the shim its launch program, which it reads as soon as it is ready for it, and then holds. */
    void hold(CreateProgram create) throws SessionBrokenException {
        launch = Conversation.queue(session, create.program());
        held = create;
    }

    /**
     * Waits until the launch program has a process that holds init's place; it goes no further then.
     *
     * @return its pid, as the caller's pid namespace has it
     */
    long awaitHolder() throws ContainerException, SessionBrokenException {
        try {
            await();
            return launch.await(Tag.PLACE_HELD).registers().values().iterator().next();
        } catch (ContainerException e) {
            held = null;
            throw e;
        }
    }

    /** Has the shim give up what it holds: no process is to hold a place that is taken away. */
    void giveUp() {
        if (held != null) {
            int target = held.abandoned();
            held = null;
            try {
                launch.endAt(target);
            } catch (ContainerException | SessionBrokenException gone) {
                // The process has ended with the shim.
                return;
            }
        }
    }

    /**
     * Has the launch begin, in these cgroups.
     *
     * @return what remains to be said: from here on the engine only answers the launch
     */
    Conversation begin(OwnDirectories own) throws SessionBrokenException {
        List<Patch> cgroups = held.cgroupsPatch(own);
        held = null;
        launch.go(cgroups);
        side.close();
        return launch;
    }

    /** Waits likewise, after something else has failed: what fails in the shim as well does not matter any more. */
    void settle() throws ContainerException, SessionBrokenException {
        try {
            if (reading != null) {
                awaitBundle();
            }
            await();
        } catch (ContainerException alsoFailed) {
            // There is one failure to be told.
        }
        if (held != null) {
            int target = held.abandoned();
            held = null;
            launch.endAt(target);
        }
    }
}
