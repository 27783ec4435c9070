// SPDX-License-Identifier: Apache-2.0
package dev.jrun.embedding;

import dev.jrun.container.Create;
import dev.jrun.container.Delete;
import dev.jrun.container.Exec;
import dev.jrun.container.Kill;
import dev.jrun.container.Pause;
import dev.jrun.container.Processes;
import dev.jrun.container.Resume;
import dev.jrun.container.Run;
import dev.jrun.container.RunRequest;
import dev.jrun.container.RunRequest.Attachment.Foreground;
import dev.jrun.container.ShowState;
import dev.jrun.container.Start;
import dev.jrun.container.Update;
import dev.jrun.container.launch.Host;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerExistsException;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.lifecycle.HookFailedException;
import dev.jrun.container.lifecycle.InvalidConfigException;
import dev.jrun.container.lifecycle.NoSuchContainerException;
import dev.jrun.container.lifecycle.NotExecutableException;
import dev.jrun.container.lifecycle.NotRunningException;
import dev.jrun.container.lifecycle.PausedException;
import dev.jrun.container.lifecycle.UnsupportedException;
import dev.jrun.container.lifecycle.WrongStatusException;
import dev.jrun.container.state.StateStore;
import dev.jrun.container.update.AskedResources;
import dev.jrun.container.update.UpdateCall;
import dev.jrun.embedding.shim.ShimProcess;
import dev.jrun.kernel.Signal;
import dev.jrun.launch.LaunchRequest.Adoption;
import dev.jrun.launch.LaunchRequest.Afterwards;
import dev.jrun.program.SessionBrokenException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The containers of a state directory. What is a process's parent for a command line is a shim that this JVM starts:
 * containers inherit its cgroup, limits and namespaces, and nothing of its environment. Warnings go to standard error.
 *
 * <p>For use by any number of threads. All methods block. Besides what they say they throw {@link ContainerException}
 * if an operation fails for a reason that has no type of its own, and {@link IOException} if a shim cannot be started,
 * or is lost midway; then nothing is left of what it was doing.
 */
public final class Containers {

    private final Path home;
    private final StateStore store;
    private final Host host;
    private final StandardStreams streams;

    /**
     * @param home the root of a distribution of jrun, such as {@code /usr/local/lib/jrun}
     * @param root where states are, such as {@code /run/jrun}; absolute; made when the first container is
     */
    public Containers(Path home, Path root) {
        this(home, new StateStore(root), new Host(), StandardStreams.INHERITED);
    }

    private Containers(Path home, StateStore store, Host host, StandardStreams streams) {
        this.home = home;
        this.store = store;
        this.host = host;
        this.streams = streams;
    }

    /** The same containers; those that are made by this, and processes that are executed, have these streams. */
    public Containers with(StandardStreams streams) {
        return new Containers(home, store, host, streams);
    }

    /**
     * Makes a container, starts it, waits for its end and removes it.
     *
     * @param bundle its directory, with {@code config.json} in it
     * @return the exit code of its first process, 128 + n if signal n ended it
     * @throws ContainerExistsException if there is one of that id
     * @throws InvalidConfigException if its configuration is wrong
     * @throws UnsupportedException if this machine has not what the configuration asks for
     * @throws NotExecutableException if its program cannot be executed
     */
    public int run(ContainerId id, Path bundle) throws ContainerException, IOException {
        return perform("run", shim -> {
            var foreground = new Foreground(Adoption.BY_SHIM, Afterwards.REMOVE);
            endWith(
                    new Run(host, store).execute(shim, new RunRequest(Requests.create(shim, id, bundle), foreground)),
                    shim);
        });
    }

    /**
     * Makes a container that waits to be started.
     *
     * @param bundle its directory, with {@code config.json} in it
     * @throws ContainerExistsException if there is one of that id
     * @throws InvalidConfigException if its configuration is wrong
     * @throws UnsupportedException if this machine has not what the configuration asks for
     * @throws NotExecutableException if its program is not there
     */
    public void create(ContainerId id, Path bundle) throws ContainerException, IOException {
        perform("create", shim -> new Create(host, store).execute(shim, Requests.create(shim, id, bundle)));
    }

    /**
     * Starts a container that was created.
     *
     * @throws NoSuchContainerException if there is none
     * @throws WrongStatusException if it is not {@code CREATED}
     * @throws NotExecutableException if its program cannot be executed
     * @throws HookFailedException if a hook fails; the container is removed then
     */
    public void start(ContainerId id) throws ContainerException, IOException {
        perform("start", shim -> endWith(new Start(host, store, List.of(), Optional.empty()).execute(shim, id), shim));
    }

    /**
     * Executes another process in a container, with the user, directory and environment of its first one, and waits for
     * its end.
     *
     * @param arguments its program, and what that is called with
     * @return its exit code, 128 + n if signal n ended it
     * @throws NoSuchContainerException if there is no such container
     * @throws NotRunningException if it does not run
     * @throws PausedException if it is paused
     * @throws NotExecutableException if the program cannot be executed
     */
    public int exec(ContainerId id, List<String> arguments) throws ContainerException, IOException {
        return perform("exec", shim -> new Exec(host, store).execute(shim, Requests.exec(shim, id, arguments)));
    }

    /**
     * Sends a signal to a container's first process; SIGKILL ends the whole container.
     *
     * @param signal its name, with or without {@code SIG}, or its number
     * @throws NoSuchContainerException if there is no such container
     * @throws NotRunningException if it does not run
     * @throws IllegalArgumentException if there is no such signal
     */
    public void kill(ContainerId id, String signal) throws ContainerException, IOException {
        Signal sent =
                Signal.parse(signal).orElseThrow(() -> new IllegalArgumentException("\"" + signal + "\" is no signal"));
        change("kill", shim -> new Kill(host, store).execute(shim, id, sent, Kill.Scope.INIT));
    }

    /**
     * Stops all processes of a container until it is resumed.
     *
     * @throws NoSuchContainerException if there is no such container
     * @throws NotRunningException if it does not run
     * @throws PausedException if it is paused already
     * @throws UnsupportedException if it has no cgroup of its own
     */
    public void pause(ContainerId id) throws ContainerException, IOException {
        change("pause", shim -> new Pause(host, store).execute(shim, id));
    }

    /**
     * Lets a paused container go on.
     *
     * @throws NoSuchContainerException if there is no such container
     * @throws WrongStatusException if it is not {@code PAUSED}
     * @throws UnsupportedException if it has no cgroup of its own
     */
    public void resume(ContainerId id) throws ContainerException, IOException {
        change("resume", shim -> new Resume(host, store).execute(shim, id));
    }

    /**
     * Changes limits of a container that runs: all, or, if one cannot be had, none.
     *
     * @param resources as {@code linux.resources} of a configuration; what is not there stays as it is
     * @return what of it will not be as one may expect, a line each
     * @throws NoSuchContainerException if there is no such container
     * @throws NotRunningException if it does not run
     * @throws InvalidConfigException if the limits are none
     * @throws UnsupportedException if the container has no cgroup of its own
     */
    public List<String> update(ContainerId id, String resources) throws ContainerException, IOException {
        var asked = new AskedResources.OnCommandLine(resources, Map.of());
        List<String> warnings = new ArrayList<>();
        change(
                "update",
                shim -> warnings.addAll(new Update(host, store)
                        .execute(shim, new UpdateCall(id, asked, Optional.empty(), Optional.empty()))));
        return warnings;
    }

    /**
     * Removes a container that has ended, or was not started.
     *
     * @throws NoSuchContainerException if there is none
     * @throws WrongStatusException if it runs
     */
    public void delete(ContainerId id) throws ContainerException, IOException {
        delete(id, Delete.Mode.ENDED);
    }

    /** Removes a container, and kills it before if it runs. It is no error if there is none. */
    public void destroy(ContainerId id) throws ContainerException, IOException {
        delete(id, Delete.Mode.FORCE);
    }

    private void delete(ContainerId id, Delete.Mode mode) throws ContainerException, IOException {
        change("delete", shim -> new Delete(host, store, List.of()).execute(shim, id, mode));
    }

    /**
     * How a container is now.
     *
     * @throws NoSuchContainerException if there is none
     */
    public Container state(ContainerId id) throws ContainerException, IOException {
        List<Container> seen = new ArrayList<>(1);
        new ShowState(host.memory(), store).execute(id, state -> seen.add(Container.of(state)));
        return seen.getFirst();
    }

    /** The ids of all containers, sorted. */
    public List<ContainerId> ids() throws ContainerException {
        return store.ids();
    }

    /**
     * The processes of a container, also when its first one has ended.
     *
     * @return their pids in this JVM's pid namespace, in ascending order
     * @throws NoSuchContainerException if there is no such container
     * @throws UnsupportedException if it has no cgroup of its own
     */
    public List<Integer> pids(ContainerId id) throws ContainerException {
        return new Processes(store).pids(id);
    }

    /** What is done with a shim. */
    private interface Operation {
        void perform(ShimProcess shim) throws ContainerException, SessionBrokenException;
    }

    /** Performs an operation that leaves the shim to be ended. */
    private void change(String command, Operation operation) throws ContainerException, IOException {
        perform(command, shim -> {
            operation.perform(shim);
            shim.end();
        });
    }

    /**
     * Performs an operation that ends its shim.
     *
     * @param command that does the same, for the words of a refusal
     * @return the exit code of the shim
     */
    private int perform(String command, Operation operation) throws ContainerException, IOException {
        host.checkProcesses(command);
        try (ShimProcess shim = start()) {
            try {
                operation.perform(shim);
            } catch (ContainerException e) {
                end(shim, e);
                throw e;
            }
            return shim.awaitExit();
        }
    }

    /** Ends what has failed. If the shim has ended before, that is not what the caller has to know. */
    private static void end(ShimProcess shim, ContainerException failure) {
        try {
            shim.end(1);
        } catch (SessionBrokenException e) {
            failure.addSuppressed(e);
        }
    }

    private ShimProcess start() throws IOException {
        try (var open = new OpenStreams(streams)) {
            return ShimProcess.start(home, open.descriptors());
        }
    }

    private static void endWith(OptionalInt code, ShimProcess shim) throws SessionBrokenException {
        if (code.isPresent()) {
            shim.end(code.getAsInt());
        }
    }
}
