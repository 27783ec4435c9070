// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.container.check.ConfigCheck;
import dev.jrun.container.launch.BundleReader;
import dev.jrun.container.launch.CreateRequest;
import dev.jrun.container.launch.Host;
import dev.jrun.container.launch.LaunchContext;
import dev.jrun.container.launch.LaunchPlan;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.state.StateStore;
import dev.jrun.launch.LaunchRequest;
import dev.jrun.launch.LaunchRequest.Ending;
import dev.jrun.launch.create.CreateProgram;
import dev.jrun.launch.hook.HookProgram;
import dev.jrun.launch.namespace.InheritedNamespaces;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.launch.part.StateSubject;
import dev.jrun.launch.part.Tag;
import dev.jrun.launch.part.WakeupAffinity;
import dev.jrun.program.Program;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import dev.jrun.program.listing.Listing;
import dev.jrun.spec.Config;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** {@code explain}: shows what {@code create} would do with a bundle, system call by system call, without doing it. */
public final class Explain {

    private final Host host;
    private final StateStore store;

    public Explain(Host host, StateStore store) {
        this.host = host;
        this.store = store;
    }

    /**
     * The program that {@code create} would have the shim execute for this request, as text.
     *
     * @throws ContainerException if {@code create} would refuse it, with the same words; the shim awaits its next
     *     program
     */
    public String execute(Session session, CreateRequest request) throws ContainerException, SessionBrokenException {
        KernelCalls kernel = host.kernel(session);
        BundleReader.Bundle bundle = new BundleReader(session, host).read(request.bundle());
        host.checkKernel();
        try (var _ = host.memory().toRead(bundle.config())) {
            ConfigCheck.Checked checked =
                    ConfigCheck.check(bundle.config(), host.support(), request.allowed(), request.cgroups());
            try (var _ = host.memory().toPlan(bundle.config(), checked.config().config())) {
                return explain(request, bundle.path(), checked, kernel);
            }
        }
    }

    private String explain(CreateRequest request, Path bundle, ConfigCheck.Checked checked, KernelCalls kernel)
            throws ContainerException {
        Config config = checked.config().config();
        LaunchPlan plan =
                new LaunchPlan(LaunchContext.of(host, request.callerPid(), request.cgroups()), store, request, checked);
        Path directory = store.directory(request.id());
        LaunchRequest launch = plan.launch(bundle, new Ending.OnStart(directory), Map.of());
        CreateProgram create = LaunchPlan.compile(launch, host.machine(), kernel);
        return text(request, directory, plan, create, config)
                + afterwards(launch.stateSubject(), launch.callerEnvironment(), kernel);
    }

    private String text(CreateRequest request, Path directory, LaunchPlan plan, CreateProgram create, Config config) {
        Program program = create.program();
        int init = create.initStart();
        Listing listing = listing(program);
        var text = new StringBuilder(1 << 16);
        heading(text, "Container " + request.id());
        text.append("state directory ").append(directory).append('\n');
        for (String line : plan.place().describe()) {
            text.append(line).append('\n');
        }
        text.append('\n');
        if (InheritedNamespaces.areIn(config)) {
            heading(text, "What the caller's process does while the rest is planned");
            Program early = InheritedNamespaces.program(config, WakeupAffinity.ANYWHERE);
            text.append(listing(early).text(0, early.instructions().size())).append('\n');
        }
        heading(text, "What the caller's process does: its shim, by now a sealed copy of itself in memory");
        text.append(listing.text(0, init)).append('\n');
        heading(text, "What the container's first process does, up to the execution of its program");
        text.append(listing.text(init, program.instructions().size()));
        return text.toString();
    }

    /** The hooks of a container that are not part of its launch; the pid in their listing stands for init's. */
    private String afterwards(StateSubject container, List<String> environment, KernelCalls kernel) {
        var text = new StringBuilder();
        if (!container.hooks().poststart().isEmpty()) {
            text.append('\n');
            heading(text, "What the process of \"start\" does when the container's program runs");
            text.append(listing(HookProgram.poststart(container, 1, environment, host.machine(), kernel)
                            .program())
                    .text());
        }
        if (!container.hooks().poststop().isEmpty()) {
            text.append('\n');
            heading(text, "What the process of \"delete\" does when the container is removed");
            text.append(listing(HookProgram.poststop(container, environment, host.machine(), kernel)
                            .program())
                    .text());
        }
        return text.toString();
    }

    private Listing listing(Program program) {
        return new Listing(program, host.machine(), number -> Tag.of(number).name());
    }

    private static void heading(StringBuilder text, String heading) {
        text.append("== ").append(heading).append(" ==\n\n");
    }
}
