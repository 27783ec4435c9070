// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.lifecycle.NoSuchContainerException;
import dev.jrun.kernel.call.Failures;
import dev.jrun.launch.StartProgram;
import dev.jrun.launch.StateDirectory;
import dev.jrun.launch.notify.NotifySocket;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The directory of containers' states: {@code <root>/<id>/state.json}. Each file is replaced as a whole, so that a
 * reader never sees half of one. They are their owner's alone: a state has annotations and the environment of hooks in
 * it. The root may be shared, and what others put there is not a container ({@link OwnDirectory}).
 */
public final class StateStore {

    static final String STATE = "state.json";

    /** The configuration that the container was made of, as it was read. */
    static final String CONFIG = "config.json";

    static final String NEW_STATE = "state.json.new";

    /** For the directories above, where others may have theirs. */
    private static final FileAttribute<?> PASSABLE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x"));

    private final Path root;
    private final Optional<Path> engines;

    /** @param root absolute; made when the first container is */
    public StateStore(Path root) {
        this(root, Optional.empty());
    }

    /**
     * States in a root that may be the one in which the engines have their sockets.
     *
     * @param root absolute; made when the first container is
     * @param engines the directory of the sockets, in this root or elsewhere
     */
    public StateStore(Path root, Optional<Path> engines) {
        this.root = root;
        this.engines = engines;
    }

    /** The directory that holds all. */
    public Path root() {
        return root;
    }

    /** Whether it certainly has not been made yet. */
    public boolean isMissing() {
        return Files.notExists(root);
    }

    /** The directory of container {@code id}. */
    public Path directory(ContainerId id) {
        return root.resolve(id.text());
    }

    /** The same, and what a shim has to know to remove it. */
    public StateDirectory place(ContainerId id) {
        Path directory = directory(id);
        return new StateDirectory(
                directory, List.of(CONFIG, STATE), ContainerLocks.file(root), ContainerLocks.offset(id));
    }

    /**
     * Makes the directory of a new container; {@code false} if it is there already.
     *
     * @throws ContainerException if it cannot be made
     */
    public boolean claim(ContainerId id) throws ContainerException {
        if (isEngines(id)) {
            throw new ContainerException("there can be no container \"" + id + "\" in " + root + ": " + engines.get()
                    + " is the directory of the engines' sockets; take another id, or another --root");
        }
        try {
            Files.createDirectory(directory(id), OwnFile.privateDirectory());
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            throw failure("cannot make the state directory of container " + id, e);
        }
    }

    /** Whether the directory of that name is the engines', whatever path this root was given by. */
    private boolean isEngines(ContainerId id) throws ContainerException {
        if (engines.isEmpty() || !engines.get().getFileName().toString().equals(id.text())) {
            return false;
        }
        try {
            return Files.isSameFile(root, engines.get().getParent());
        } catch (IOException e) {
            if (Failures.isAbsence(e)) {
                return false;
            }
            throw failure("cannot find out whether " + root + " is where engines have their sockets", e);
        }
    }

    /**
     * Makes the directory of all states, if it is not there.
     *
     * @throws ContainerException if that fails
     */
    public void makeRoot() throws ContainerException {
        try {
            if (!Files.isDirectory(root)) {
                if (root.getParent() != null) {
                    Files.createDirectories(root.getParent(), PASSABLE);
                }
                Files.createDirectories(root, OwnFile.privateDirectory());
            }
        } catch (IOException e) {
            throw failure("cannot make the state directory", e);
        }
    }

    /**
     * Keeps {@code container}.
     *
     * @throws ContainerException if it cannot be written
     */
    public void write(ContainerRecord container) throws ContainerException {
        try (OpenState state = open(container.id())) {
            state.write(container);
        }
    }

    /**
     * Holds on to the directory of container {@code id}, to write its state.
     *
     * @throws ContainerException also if it is somebody else's
     */
    public OpenState open(ContainerId id) throws ContainerException {
        try {
            return new OpenState(OwnDirectory.open(directory(id)));
        } catch (IOException e) {
            throw unwritable(id, e);
        }
    }

    static ContainerException unwritable(ContainerId id, IOException e) {
        return failure("cannot write the state of container " + id, e);
    }

    static ContainerException unreadableConfig(ContainerId id, IOException e) {
        return failure("cannot read what container " + id + " is made of", e);
    }

    /**
     * The container, if its state is there and can be read, with all that is kept of it: {@link #length} says how much
     * that may be.
     *
     * @throws ContainerException also if the state is somebody else's, or that of another container
     */
    public Optional<ContainerRecord> findWhole(ContainerId id) throws ContainerException {
        return find(id, RecordFormat::read);
    }

    /**
     * The container likewise, but without its annotations, which may be megabytes.
     *
     * @throws ContainerException also if the state is somebody else's, or that of another container
     */
    public Optional<ContainerRecord> find(ContainerId id) throws ContainerException {
        return find(id, RecordFormat::readWithoutAnnotations);
    }

    private Optional<ContainerRecord> find(ContainerId id, StateReader.Reading reading) throws ContainerException {
        return isEngines(id) ? Optional.empty() : new StateReader(id, directory(id)).find(reading);
    }

    /**
     * The container, without its annotations, and the configuration that it was made of.
     *
     * @param before what this has returned before, if that is known: the same again, if nothing has changed since
     * @throws NoSuchContainerException if there is none
     */
    public ConfiguredContainer readConfigured(ContainerId id, Optional<ConfiguredContainer> before)
            throws ContainerException {
        if (isEngines(id)) {
            throw new NoSuchContainerException(id.text());
        }
        return new StateReader(id, directory(id)).readConfigured(before);
    }

    /**
     * How many bytes the state of container {@code id} has; 0 if it is not there.
     *
     * @throws ContainerException if that cannot be found out
     */
    public long length(ContainerId id) throws ContainerException {
        return new StateReader(id, directory(id)).length(STATE);
    }

    /**
     * How many bytes the configuration has that it was made of, likewise.
     *
     * @throws ContainerException if that cannot be found out
     */
    public long configLength(ContainerId id) throws ContainerException {
        return new StateReader(id, directory(id)).length(CONFIG);
    }

    /**
     * The container, without its annotations.
     *
     * @throws NoSuchContainerException if there is none
     */
    public ContainerRecord read(ContainerId id) throws ContainerException {
        return find(id).orElseThrow(() -> new NoSuchContainerException(id.text()));
    }

    /** Whether a state is there, whatever it says, or it cannot be found out. */
    public boolean hasState(ContainerId id) {
        return !Files.notExists(directory(id).resolve(STATE), LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Whether there is a directory of that name, with or without a state in it.
     *
     * @throws ContainerException if that cannot be found out
     */
    public boolean isClaimed(ContainerId id) throws ContainerException {
        if (isEngines(id)) {
            return false;
        }
        try {
            return Files.readAttributes(directory(id), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isDirectory();
        } catch (IOException e) {
            if (Failures.isAbsence(e)) {
                return false;
            }
            throw failure("cannot find out whether there is a container " + id, e);
        }
    }

    /** Whether the container was made to say when it is ready. */
    public boolean hasNotifySocket(ContainerId id) {
        return Files.isDirectory(directory(id).resolve(NotifySocket.DIRECTORY), LinkOption.NOFOLLOW_LINKS);
    }

    /** Removes the socket that {@code start} connected to: it leads nowhere any more. */
    public void removeStartSocket(ContainerId id) throws ContainerException {
        try (OwnDirectory directory = OwnDirectory.open(directory(id))) {
            directory.remove(StartProgram.SOCKET);
        } catch (NoSuchFileException gone) {
            return;
        } catch (IOException e) {
            throw failure("cannot remove the start socket of container " + id, e);
        }
    }

    /**
     * Removes the directory of container {@code id} and all in it, if it is there.
     *
     * @throws ContainerException also if it is somebody else's, or not that of a container, or keeps a network
     *     namespace still
     */
    public void remove(ContainerId id) throws ContainerException {
        try {
            StateRemoval.remove(directory(id));
        } catch (NoSuchFileException gone) {
            return;
        } catch (IOException e) {
            throw failure("cannot remove the state of container " + id, e);
        }
    }

    /** The journal of an update of container {@code id}. */
    public KeptUpdate update(ContainerId id) {
        return new KeptUpdate(id, directory(id));
    }

    /** The network namespace that is kept for the devices of container {@code id}. */
    public KeptNetwork network(ContainerId id) {
        return new KeptNetwork(directory(id));
    }

    /** The ids of all containers, sorted. What has a name that is none is not a container's, and may be anybody's. */
    public List<ContainerId> ids() throws ContainerException {
        List<ContainerId> ids = new ArrayList<>();
        try {
            for (Path directory : filesOf(root)) {
                String name = directory.getFileName().toString();
                if (ContainerId.isId(name) && isClaimed(new ContainerId(name))) {
                    ids.add(new ContainerId(name));
                }
            }
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException e) {
            throw failure("cannot list the containers", e);
        }
        // Not Comparator.comparing(): its lambda is serializable, which the AOT cache leaves out.
        ids.sort((one, other) -> one.text().compareTo(other.text()));
        return ids;
    }

    private static List<Path> filesOf(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            List<Path> list = new ArrayList<>();
            for (Path file : files) {
                list.add(file);
            }
            return list;
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    static ContainerException failure(String what, IOException e) {
        return new ContainerException(what + ": " + Failures.describe(e), e);
    }
}
