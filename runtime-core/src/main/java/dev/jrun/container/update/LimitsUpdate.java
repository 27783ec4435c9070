// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.update;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.container.launch.Host;
import dev.jrun.container.launch.MemoryBudget;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.InvalidConfigException;
import dev.jrun.container.state.ContainerRecord;
import dev.jrun.container.state.StateStore;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import dev.jrun.spec.Problem;
import dev.jrun.spec.reading.AskedLimits;
import dev.jrun.spec.reading.Reading;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Changes a container's limits: the request is read before the container's lock is taken, and applied while it is held.
 */
public final class LimitsUpdate implements AutoCloseable {

    private final Host host;
    private final StateStore store;
    private final UpdateCall call;
    private final ResourcesText text;
    private AskedLimits asked;
    private MemoryBudget.Share memory;

    public LimitsUpdate(Host host, StateStore store, UpdateCall call) {
        this.host = host;
        this.store = store;
        this.call = call;
        this.text = ResourcesText.of(call.asked());
    }

    /**
     * Reads what is asked for.
     *
     * @return what its caller should know of it
     * @throws InvalidConfigException if it says what no container can have
     * @throws ContainerException if it cannot be read
     */
    public List<String> read(Session session) throws ContainerException, SessionBrokenException {
        ResourcesInput input = new ResourcesInput(host, session, text);
        byte[] document = input.read(call.asked());
        memory = host.memory().toHoldLimits(document.length);
        Reading<AskedLimits> reading = input.understand(document);
        asked = reading.value().orElseThrow();
        List<String> warnings = new ArrayList<>();
        for (Problem warning : reading.warnings()) {
            warnings.add(text.line(warning));
        }
        return warnings;
    }

    /**
     * Has a container that runs keep it.
     *
     * @param cgroup its own, as far as it is there
     * @throws CgroupException if not all of it can be done
     */
    public void apply(ContainerRecord container, Cgroup cgroup)
            throws CgroupException, ContainerException, SessionBrokenException {
        checkIsComplete(container, cgroup);
        try {
            ContainerRecord whole = new InterruptedUpdate(host, store).takeBack(container, cgroup);
            new ContainerUpdate(host, store, call, whole, cgroup, asked).execute();
        } catch (CgroupException e) {
            throw text.of(e);
        }
    }

    /** What was read is needed no more. */
    @Override
    public void close() {
        if (memory != null) {
            memory.close();
        }
    }

    /** What is at the place of a cgroup that is gone is another's. */
    private static void checkIsComplete(ContainerRecord container, Cgroup cgroup) throws CgroupException {
        List<Path> gone = container.places().missing(cgroup);
        if (!gone.isEmpty()) {
            throw new CgroupException(
                    "its cgroup is gone: " + gone.stream().map(Path::toString).collect(Collectors.joining(", ")));
        }
    }
}
