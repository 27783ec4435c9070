// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.cgroup.driver.CgroupDrivers;
import dev.jrun.container.check.HostSupport;
import dev.jrun.container.conversation.Conversation;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.UnsupportedException;
import dev.jrun.container.state.ContainerLocks;
import dev.jrun.container.state.ProcessSight;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.call.LinuxCalls;
import dev.jrun.launch.ProbeProgram;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import dev.jrun.spec.reading.ConfigReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;

/** What operations know about the machine, and share while an engine lives. */
public final class Host {

    private final Machine machine = Machine.host();
    private final ContainerLocks locks = new ContainerLocks();
    private final Executor helpers = helpers(Runtime.getRuntime().availableProcessors());
    private final CallMemory memory = new CallMemory();
    private final KnownContainers known = new KnownContainers();
    private final KnownReadings readings = new KnownReadings(machine);
    private final HostSupport support = new HostSupport(Path.of("/"));
    private final CgroupDrivers cgroups = new CgroupDrivers(support);
    private volatile KernelCalls kernel;

    /** The architecture. */
    public Machine machine() {
        return machine;
    }

    /** Who makes cgroups. */
    public CgroupDrivers cgroups() {
        return cgroups;
    }

    /** What calls may take of the engine's heap. */
    public CallMemory memory() {
        return memory;
    }

    /** What is known of containers in which processes were executed. */
    public KnownContainers known() {
        return known;
    }

    /** What the calls before began with. */
    public KnownReadings readings() {
        return readings;
    }

    /** What a configuration may ask for here. */
    public HostSupport support() {
        return support;
    }

    /**
     * Which system calls there are, asked of the shim if it is not known yet. All callers of an engine have the same
     * answer: one that a seccomp filter limits has an engine of its own.
     *
     * @throws ContainerException if it cannot be found out
     */
    public KernelCalls kernel(Session session) throws ContainerException, SessionBrokenException {
        Optional<KernelCalls> known = knownKernel();
        if (known.isPresent()) {
            return known.get();
        }
        ProbeProgram probe = ProbeProgram.alone();
        Conversation asking = Conversation.run(session, probe.program());
        KernelCalls found = probe.result(asking.await(Tag.KERNEL));
        asking.awaitEnd();
        learnKernel(found);
        return found;
    }

    /** Which system calls there are, if any shim was asked yet. */
    public Optional<KernelCalls> knownKernel() {
        return Optional.ofNullable(kernel);
    }

    public void learnKernel(KernelCalls calls) {
        kernel = calls;
    }

    /**
     * Makes sure that a container can be made.
     *
     * @throws UnsupportedException that names the system calls that it takes and that are known to be missing
     */
    public void checkKernel() throws ContainerException {
        KernelCalls known = kernel;
        if (known == null || known.missing().isEmpty()) {
            return;
        }
        throw new UnsupportedException("containers cannot be made without " + KernelCalls.describe(known.missing()));
    }

    /**
     * Has another thread load what the first launch of an engine takes while it begins, in which one processor is idle
     * most of the time: the numbers of java.math, which the JSON parser wants, are several milliseconds, and the native
     * library is a fifth of a cold {@code run}. What cannot be loaded is for those to say who need it.
     */
    public void loadAhead() {
        var loading = new FutureTask<Void>(
                () -> {
                    ConfigReader.read("{}".getBytes(StandardCharsets.UTF_8));
                    LinuxCalls.load();
                },
                null);
        daemon(loading).start();
    }

    /** Who takes over what an operation offers: {@link ParallelTask}. */
    Executor helpers() {
        return helpers;
    }

    /** Of two processors one is the shim's, so that another thread would only wait for its caller's. */
    private static Executor helpers(int processors) {
        return processors > 2 ? Executors.newCachedThreadPool(Host::daemon) : _ -> {};
    }

    private static Thread daemon(Runnable work) {
        var thread = new Thread(work, "helper");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Makes sure that a pid means the same process in {@code /proc} and in system calls: else none is to be made or
     * signalled.
     *
     * @param operation what would do that
     * @throws UnsupportedException if it does not
     * @throws ContainerException if that cannot be found out
     */
    public void checkProcesses(String operation) throws ContainerException {
        if (!ProcessSight.own().isOurs()) {
            throw new UnsupportedException(
                    "cannot " + operation + ": /proc shows the processes of another pid namespace than the caller's,"
                            + " so that no container can be made, signalled or removed here;"
                            + " mount a procfs of this one (unshare --mount-proc)");
        }
    }

    /** Orders the operations of all callers. */
    public ContainerLocks locks() {
        return locks;
    }
}
