// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A container's directory, by a descriptor: what was checked is what is used, whatever is renamed meanwhile. Names are
 * relative to it, and nobody else can put anything into it.
 *
 * <p>The descriptor is a stream's of the JDK, which costs a few microseconds; to make the calls by jnr-ffi would cost a
 * cold {@code state} tens of milliseconds. The stream tells device and inode number of what it has open (fstat(2)), but
 * not the owner, other than by a look-up of his name. So he is taken from what is at the path, looked at while the
 * descriptor is open: if the numbers are the same, it is the same directory, since no number is given anew as long as
 * something has it open.
 */
final class OwnDirectory implements AutoCloseable {

    /** An operation of ours may replace what is looked at at that moment. Whoever replaces it this often is none. */
    private static final int TRIES = 32;

    private static final Set<OpenOption> EXISTING = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    private static final Set<OpenOption> NEW =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

    private final OwnFile directory;
    private final SecureDirectoryStream<Path> descriptor;

    private OwnDirectory(OwnFile directory, SecureDirectoryStream<Path> descriptor) {
        this.directory = directory;
        this.descriptor = descriptor;
    }

    /**
     * Holds on to the directory at {@code path}.
     *
     * @throws IOException if it is none, or somebody else's, or others may write to it; {@link NoSuchFileException} if
     *     there is none
     */
    static OwnDirectory open(Path path) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            SecureDirectoryStream<Path> opened = descriptor(path);
            OwnFile named = null;
            try {
                named = OwnFile.directory(path);
                if (isSame(named, opened.getFileAttributeView(BasicFileAttributeView.class))) {
                    return new OwnDirectory(named, opened);
                }
                named = null;
            } finally {
                if (named == null) {
                    opened.close();
                }
            }
        }
        throw isReplaced(path);
    }

    /**
     * With the dot nothing but a directory is opened: the JDK does not say O_DIRECTORY, and a FIFO would wait for a
     * writer.
     */
    private static SecureDirectoryStream<Path> descriptor(Path path) throws IOException {
        try {
            return (SecureDirectoryStream<Path>) Files.newDirectoryStream(path.resolve("."));
        } catch (IOException e) {
            // This may know better what is wrong with it.
            OwnFile.directory(path);
            throw e;
        }
    }

    private static boolean isSame(OwnFile named, BasicFileAttributeView opened) throws IOException {
        return named.key().equals(opened.readAttributes().fileKey());
    }

    private static FileSystemException isReplaced(Path path) {
        return new FileSystemException(path.toString(), null, "another program keeps replacing it");
    }

    /** Device and inode number. */
    Object key() {
        return directory.key();
    }

    /** Whether it has the mode that jrun gives a container's directory. */
    boolean hasModeOfContainer() {
        return directory.hasModeOfContainer();
    }

    /** The names of all that is in it. It can be asked once. */
    List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        try {
            for (Path file : descriptor) {
                names.add(file.getFileName().toString());
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names;
    }

    /**
     * A regular file in it, which is this user's.
     *
     * @throws IOException if it is something else; {@link NoSuchFileException} if it is not there
     */
    OwnFile regular(String name) throws IOException {
        Path path = directory.path().resolve(name);
        BasicFileAttributeView opened = descriptor.getFileAttributeView(
                path.getFileName(), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        for (int i = 0; i < TRIES; i++) {
            OwnFile named = OwnFile.regular(path);
            if (isSame(named, opened)) {
                return named;
            }
        }
        throw isReplaced(path);
    }

    /** What {@link #regular} file {@code name} holds, or the one that has replaced it. */
    InputStream open(OwnFile file) throws IOException {
        return Channels.newInputStream(descriptor.newByteChannel(file.path().getFileName(), EXISTING));
    }

    /** Makes a file of this name, in place of one that an interrupted write may have left. */
    OutputStream make(String name) throws IOException {
        return Channels.newOutputStream(create(Path.of(name)));
    }

    private SeekableByteChannel create(Path name) throws IOException {
        try {
            return descriptor.newByteChannel(name, NEW, OwnFile.privateFile());
        } catch (FileAlreadyExistsException left) {
            descriptor.deleteFile(name);
            return descriptor.newByteChannel(name, NEW, OwnFile.privateFile());
        }
    }

    /** Gives a file another name, at once, in place of what has it; rename(2). */
    void rename(String from, String to) throws IOException {
        descriptor.move(Path.of(from), descriptor, Path.of(to));
    }

    /** unlink(2), if it is there. */
    void remove(String name) throws IOException {
        try {
            descriptor.deleteFile(Path.of(name));
        } catch (NoSuchFileException gone) {
            return;
        }
    }

    /** Removes a directory, if it is there, in which there is nothing but {@code file}, if that. */
    void removeDirectory(String name, String file) throws IOException {
        try (SecureDirectoryStream<Path> below =
                descriptor.newDirectoryStream(Path.of(name), LinkOption.NOFOLLOW_LINKS)) {
            below.deleteFile(Path.of(file));
        } catch (NoSuchFileException gone) {
            // It or the file.
        }
        try {
            descriptor.deleteDirectory(Path.of(name));
        } catch (NoSuchFileException gone) {
            return;
        }
    }

    /**
     * Takes away what group and others may do with it and {@code file} in it, such as an older version of jrun let
     * them.
     */
    void makePrivate(OwnFile file) throws IOException {
        if (!directory.isPrivate()) {
            descriptor.getFileAttributeView(PosixFileAttributeView.class).setPermissions(OwnFile.DIRECTORY_MODE);
        }
        if (!file.isPrivate()) {
            descriptor
                    .getFileAttributeView(
                            file.path().getFileName(), PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .setPermissions(OwnFile.FILE_MODE);
        }
    }

    @Override
    public void close() throws IOException {
        descriptor.close();
    }
}
