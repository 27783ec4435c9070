// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.kernel.Linux;
import dev.jrun.kernel.LinuxException;
import dev.jrun.launch.NetworkNamespacePin;
import dev.jrun.launch.StartProgram;
import dev.jrun.launch.StateDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The directory of containers' states: {@code <root>/<id>/state.json}. Each file is replaced as a whole, so that a reader
 * never sees half of one. They are their owner's alone: a state has annotations and the environment of hooks in it. The root may
 * be shared, and what others put there is not a container ({@link OwnFile}).
 */
public final class StateStore {

    private static final String STATE = "state.json";
    private static final String NEW_STATE = "state.json.new";
    private static final Set<OpenOption> NEW = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    /** All that a container's directory ever holds. */
    private static final Set<String> FILES = Set.of(STATE, NEW_STATE, StartProgram.SOCKET, NetworkNamespacePin.FILE);

    /** For the directories above, where others may have theirs. */
    private static final FileAttribute<?> PASSABLE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x"));

    private final Path root;

    /** @param root absolute; made when the first container is */
    public StateStore(Path root) {
        this.root = root;
    }

    /** The directory that holds all. */
    Path root() {
        return root;
    }

    /** Whether it certainly has not been made yet. */
    public boolean isMissing() {
        return Files.notExists(root);
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
            Files.createDirectory(directory(id), OwnFile.privateDirectory());
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
    void write(ContainerRecord container) throws ContainerException {
        Path directory = directory(container.id());
        try {
            replace(directory.resolve(NEW_STATE), RecordFormat.write(container));
            Files.move(
                    directory.resolve(NEW_STATE),
                    directory.resolve(STATE),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw failure("cannot write the state of container " + container.id(), e);
        }
    }

    /** What a write that was interrupted may have left goes first, whoever it belongs to: this file is new. */
    private static void replace(Path file, byte[] content) throws IOException {
        Files.deleteIfExists(file);
        try (SeekableByteChannel out = Files.newByteChannel(file, NEW, OwnFile.privateFile())) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                out.write(rest);
            }
        }
    }

    /**
     * The container, if its state is there and can be read.
     *
     * @throws ContainerException also if the state is somebody else's, or that of another container
     */
    Optional<ContainerRecord> find(ContainerId id) throws ContainerException {
        Optional<Document> document = document(id);
        if (document.isEmpty()) {
            return Optional.empty();
        }
        ContainerRecord container = read(id, document.get());
        document.get().makePrivate();
        return Optional.of(container);
    }

    private static ContainerRecord read(ContainerId id, Document document) throws UnreadableStateException {
        try {
            ContainerRecord container = RecordFormat.read(document.text());
            if (!container.id().text().equals(id.text())) {
                throw new IOException("it is the state of container " + container.id());
            }
            return container;
        } catch (IOException e) {
            throw unreadable(id, e);
        }
    }

    /** The container's first process, if its state is there and can be read, and it has one. */
    Optional<ProcessIdentity> findInit(ContainerId id) throws ContainerException {
        Optional<Document> document = document(id);
        try {
            return document.isPresent() ? RecordFormat.readInit(document.get().text()) : Optional.empty();
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

    /** What the file of a container's state holds, and what it is and is in. */
    private record Document(OwnFile directory, OwnFile file, byte[] text) {

        /** Others were let in by older versions, and by whoever copied the files. Where nothing can be changed, it stays so. */
        void makePrivate() {
            try {
                directory.makePrivate();
                file.makePrivate();
            } catch (IOException readOnly) {
                // It was read all the same.
            }
        }
    }

    /** The file of a container's state; empty if there is none. */
    private Optional<Document> document(ContainerId id) throws ContainerException {
        try {
            OwnFile directory = OwnFile.directory(directory(id));
            OwnFile file = OwnFile.regular(directory.path().resolve(STATE));
            return Optional.of(new Document(directory, file, content(file.path())));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException e) {
            throw failure("cannot read the state of container " + id, e);
        }
    }

    private static byte[] content(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            return in.readAllBytes();
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

    /** Whether a state is there, whatever it says, or it cannot be found out. */
    boolean hasState(ContainerId id) {
        return !Files.notExists(directory(id).resolve(STATE), LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Whether there is a directory of that name, with or without a state in it.
     *
     * @throws ContainerException if that cannot be found out
     */
    boolean isClaimed(ContainerId id) throws ContainerException {
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

    /** Removes the socket that {@code start} connected to: it leads nowhere any more. */
    void removeStartSocket(ContainerId id) throws ContainerException {
        try {
            Files.deleteIfExists(StartProgram.socket(directory(id)));
        } catch (IOException e) {
            throw failure("cannot remove the start socket of container " + id, e);
        }
    }

    /**
     * Removes the directory of container {@code id} and all in it, if it is there.
     *
     * @throws ContainerException also if it is somebody else's, or not that of a container
     */
    void remove(ContainerId id) throws ContainerException {
        Path directory = directory(id);
        try {
            OwnFile.directory(directory);
            List<Path> files = filesOf(directory);
            checkAreOurs(directory, files);
            // The state goes last: as long as it is there, the rest can be found.
            for (Path file : files) {
                remove(file);
            }
            Files.deleteIfExists(directory.resolve(STATE));
            Files.deleteIfExists(directory);
        } catch (NoSuchFileException gone) {
            return;
        } catch (IOException e) {
            throw failure("cannot remove the state of container " + id, e);
        }
    }

    private static void remove(Path file) throws IOException {
        String name = file.getFileName().toString();
        if (name.equals(NetworkNamespacePin.FILE)) {
            letGo(file);
        }
        if (!name.equals(STATE)) {
            Files.deleteIfExists(file);
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
    private static void checkAreOurs(Path directory, List<Path> files) throws ContainerException {
        for (Path file : files) {
            String name = file.getFileName().toString();
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
                var id = new ContainerId(directory.getFileName().toString());
                if (isClaimed(id)) {
                    ids.add(id);
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
            for (Path file : files) {
                list.add(file);
            }
            return list;
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static ContainerException failure(String what, IOException e) {
        return new ContainerException(what + ": " + Failures.describe(e), e);
    }
}
