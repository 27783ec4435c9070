// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.kernel.Linux;
import dev.jrun.kernel.LinuxException;
import dev.jrun.launch.NetworkNamespacePin;
import dev.jrun.launch.StartProgram;
import dev.jrun.launch.StateDirectory;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The directory of containers' states: {@code <root>/<id>/state.json}. Each file is replaced as a whole, so that a reader
 * never sees half of one.
 */
public final class StateStore {

    private static final String STATE = "state.json";
    private static final String NEW_STATE = "state.json.new";

    /** All that a container's directory ever holds. */
    private static final Set<String> FILES = Set.of(STATE, NEW_STATE, StartProgram.SOCKET, NetworkNamespacePin.FILE);

    private final Path root;

    /** @param root absolute; made when the first container is */
    public StateStore(Path root) {
        this.root = root;
    }

    /** The directory that holds all. */
    Path root() {
        return root;
    }

    /** The directory of container {@code id}. */
    Path directory(ContainerId id) {
        return root.resolve(id.text());
    }

    /** The same, and what a shim has to know to remove it. */
    StateDirectory place(ContainerId id) {
        Path directory = directory(id);
        return new StateDirectory(
                directory, directory.resolve(STATE), ContainerLocks.file(root), ContainerLocks.offset(id));
    }

    /**
     * Makes the directory of a new container; {@code false} if it is there already.
     *
     * @throws ContainerException if it cannot be made
     */
    boolean claim(ContainerId id) throws ContainerException {
        try {
            Files.createDirectory(
                    directory(id), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            throw failure("cannot make the state directory of container " + id, e);
        }
    }

    /**
     * Makes the directory of all states, if it is not there.
     *
     * @throws ContainerException if that fails
     */
    void makeRoot() throws ContainerException {
        try {
            if (!Files.isDirectory(root)) {
                Files.createDirectories(
                        root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
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
    void write(ContainerRecord container) throws ContainerException {
        Path directory = directory(container.id());
        try {
            Files.write(directory.resolve(NEW_STATE), RecordFormat.write(container));
            Files.move(
                    directory.resolve(NEW_STATE),
                    directory.resolve(STATE),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw failure("cannot write the state of container " + container.id(), e);
        }
    }

    /** The container, if its state is there and can be read. */
    Optional<ContainerRecord> find(ContainerId id) throws ContainerException {
        byte[] document = document(id);
        try {
            return document == null ? Optional.empty() : Optional.of(RecordFormat.read(document));
        } catch (IOException e) {
            throw unreadable(id, e);
        }
    }

    /** The container's first process, if its state is there and can be read, and it has one. */
    Optional<ProcessIdentity> findInit(ContainerId id) throws ContainerException {
        byte[] document = document(id);
        try {
            return document == null ? Optional.empty() : RecordFormat.readInit(document);
        } catch (IOException e) {
            throw unreadable(id, e);
        }
    }

    private static UnreadableStateException unreadable(ContainerId id, IOException e) {
        return new UnreadableStateException(
                "cannot read the state of container " + id + ": " + Failures.describe(e)
                        + "; delete --force removes it",
                e);
    }

    /** What the file of a container's state holds; {@code null} if there is none. */
    private byte[] document(ContainerId id) throws ContainerException {
        try {
            return Files.readAllBytes(directory(id).resolve(STATE));
        } catch (NoSuchFileException | NotDirectoryException e) {
            return null;
        } catch (IOException e) {
            throw failure("cannot read the state of container " + id, e);
        }
    }

    /**
     * The container.
     *
     * @throws NoSuchContainerException if there is none
     */
    ContainerRecord read(ContainerId id) throws ContainerException {
        return find(id).orElseThrow(() -> new NoSuchContainerException(id.text()));
    }

    /** Whether a state is there, whatever it says. */
    boolean hasState(ContainerId id) {
        return Files.exists(directory(id).resolve(STATE));
    }

    /** Whether there is a directory of that name, with or without a state in it. */
    boolean isClaimed(ContainerId id) {
        return Files.isDirectory(directory(id));
    }

    /** Removes the socket that {@code start} connected to: it leads nowhere any more. */
    void removeStartSocket(ContainerId id) throws ContainerException {
        try {
            Files.deleteIfExists(StartProgram.socket(directory(id)));
        } catch (IOException e) {
            throw failure("cannot remove the start socket of container " + id, e);
        }
    }

    /** Removes the directory of container {@code id} and all in it, if it is there. */
    void remove(ContainerId id) throws ContainerException {
        Path directory = directory(id);
        try {
            String[] names = directory.toFile().list();
            if (names == null) {
                return;
            }
            checkAreOurs(directory, names);
            // The state goes last: as long as it is there, the rest can be found.
            for (String name : names) {
                if (name.equals(NetworkNamespacePin.FILE)) {
                    letGo(directory.resolve(name));
                }
                if (!name.equals(STATE)) {
                    Files.deleteIfExists(directory.resolve(name));
                }
            }
            Files.deleteIfExists(directory.resolve(STATE));
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            throw failure("cannot remove the state of container " + id, e);
        }
    }

    private static void letGo(Path namespace) {
        try {
            Linux.detach(namespace);
        } catch (LinuxException notMounted) {
            // Whatever else it is, removing the file will say so.
        }
    }

    /** A directory that holds anything else, such as that of the engines' sockets, is not a container's. */
    private static void checkAreOurs(Path directory, String[] names) throws ContainerException {
        for (String name : names) {
            if (!FILES.contains(name)) {
                throw new ContainerException(
                        directory + " is not the state directory of a container: \"" + name + "\" is in it");
            }
        }
    }

    /** The ids of all containers, sorted. */
    List<ContainerId> ids() throws ContainerException {
        List<ContainerId> ids = new ArrayList<>();
        try {
            for (Path directory : filesOf(root)) {
                if (Files.isDirectory(directory)) {
                    ids.add(new ContainerId(directory.getFileName().toString()));
                }
            }
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException e) {
            throw failure("cannot list the containers", e);
        }
        ids.sort(Comparator.comparing(ContainerId::text));
        return ids;
    }

    private static List<Path> filesOf(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            List<Path> list = new ArrayList<>();
            files.forEach(list::add);
            return list;
        }
    }

    private static ContainerException failure(String what, IOException e) {
        return new ContainerException(what + ": " + Failures.describe(e), e);
    }
}
