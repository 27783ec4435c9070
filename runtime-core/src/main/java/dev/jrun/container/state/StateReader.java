// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.lifecycle.NoSuchContainerException;
import dev.jrun.container.lifecycle.UnreadableStateException;
import dev.jrun.kernel.call.Failures;
import dev.jrun.kernel.call.LinuxCalls;
import dev.jrun.kernel.call.LinuxException;
import dev.jrun.kernel.call.OwnFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/** Reads the state of one container, and what it was made of. */
final class StateReader {

    /** A state without annotations that somebody has filled. */
    private static final int SHORT_STATE = 1 << 16;

    private final ContainerId id;
    private final Path path;

    /** @param path the container's directory */
    StateReader(ContainerId id, Path path) {
        this.id = id;
        this.path = path;
    }

    /** How a state is understood. */
    interface Reading {
        ContainerRecord read(InputStream document) throws IOException;
    }

    /** The container, if its state is there and can be read. */
    Optional<ContainerRecord> find(Reading reading) throws ContainerException {
        try (OwnDirectory directory = OwnDirectory.open(path)) {
            OwnFile file = directory.regular(StateStore.STATE);
            ContainerRecord container = read(directory, file, reading);
            makePrivate(directory, file);
            return Optional.of(container);
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException e) {
            throw StateStore.failure("cannot read the state of container " + id, e);
        }
    }

    /**
     * Others were let in by older versions, and by whoever copied the files. Where nothing can be changed, it stays so.
     */
    private static void makePrivate(OwnDirectory directory, OwnFile file) {
        try {
            directory.makePrivate(file);
        } catch (IOException readOnly) {
            // It was read all the same.
        }
    }

    /**
     * The container, without its annotations, and its configuration.
     *
     * @param before what this has returned before
     * @throws NoSuchContainerException if there is none
     */
    ConfiguredContainer readConfigured(Optional<ConfiguredContainer> before) throws ContainerException {
        if (before.isPresent() && isUnchanged(before.get())) {
            return before.get();
        }
        try (OwnDirectory directory = OwnDirectory.open(path)) {
            OwnFile file = directory.regular(StateStore.STATE);
            byte[] state = readBeginning(directory, file);
            Optional<byte[]> config = readConfig(directory);
            return before.isPresent() && before.get().isOf(state, config)
                    ? before.get()
                    : configured(directory, file, state, config);
        } catch (NoSuchFileException none) {
            throw new NoSuchContainerException(id.text());
        } catch (IOException e) {
            throw StateStore.failure("cannot read the state of container " + id, e);
        }
    }

    /** @param state the beginning of it, or all */
    private ConfiguredContainer configured(OwnDirectory directory, OwnFile file, byte[] state, Optional<byte[]> config)
            throws IOException, UnreadableStateException {
        if (state.length > SHORT_STATE) {
            ContainerRecord container = read(directory, file, RecordFormat::readWithoutAnnotations);
            return new ConfiguredContainer(container, Optional.empty(), config);
        }
        ContainerRecord container =
                understand(directory, file, new ByteArrayInputStream(state), RecordFormat::readWithoutAnnotations);
        return new ConfiguredContainer(container, Optional.of(state), config);
    }

    /**
     * Byte for byte, and as certain to be this user's as what is read. What else it may be is for who reads it to find
     * out.
     */
    private boolean isUnchanged(ConfiguredContainer before) {
        if (!LinuxCalls.isLoaded()
                || before.state().isEmpty()
                || before.config().isEmpty()) {
            return false;
        }
        try (OwnFiles files = OwnFiles.in(path)) {
            return files.areOurs()
                    && files.hold(StateStore.STATE, before.state().get())
                    && files.hold(StateStore.CONFIG, before.config().get());
        } catch (LinuxException e) {
            return false;
        }
    }

    /** All of it if it is short, and else more than that. */
    private byte[] readBeginning(OwnDirectory directory, OwnFile state) throws IOException, UnreadableStateException {
        try (InputStream document = directory.open(state)) {
            return document.readNBytes(SHORT_STATE + 1);
        } catch (NoSuchFileException none) {
            throw none;
        } catch (IOException e) {
            throw unreadable(directory, state, e);
        }
    }

    private static Optional<byte[]> readConfig(OwnDirectory directory) throws IOException {
        try (InputStream document = directory.open(directory.regular(StateStore.CONFIG))) {
            return Optional.of(document.readAllBytes());
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    private ContainerRecord read(OwnDirectory directory, OwnFile file, Reading reading)
            throws IOException, UnreadableStateException {
        try (InputStream document = directory.open(file)) {
            return understand(directory, file, document, reading);
        } catch (NoSuchFileException none) {
            throw none;
        } catch (IOException e) {
            throw unreadable(directory, file, e);
        }
    }

    private ContainerRecord understand(OwnDirectory directory, OwnFile file, InputStream document, Reading reading)
            throws IOException, UnreadableStateException {
        try {
            ContainerRecord container = reading.read(document);
            if (!container.id().text().equals(id.text())) {
                throw new IOException("it is the state of container " + container.id());
            }
            return container;
        } catch (IOException e) {
            throw unreadable(directory, file, e);
        }
    }

    private UnreadableStateException unreadable(OwnDirectory directory, OwnFile file, IOException e)
            throws IOException {
        String message = "cannot read the state of container " + id + ": " + Failures.describe(e);
        return TornRecord.is(() -> directory.open(file))
                ? UnreadableStateException.torn(message, e)
                : UnreadableStateException.foreign(message, path, e);
    }

    /** How many bytes a file of the container has; 0 if it is not there. */
    long length(String file) throws ContainerException {
        try {
            return size(path.resolve(file));
        } catch (IOException e) {
            if (Failures.isAbsence(e)) {
                return 0;
            }
            throw StateStore.failure("cannot find out how long the " + file + " of container " + id + " is", e);
        }
    }

    private static long size(Path file) throws IOException {
        if (LinuxCalls.isLoaded()) {
            try {
                return LinuxCalls.fileSize(file);
            } catch (LinuxException e) {
                // The JDK says where, and has another call for it.
            }
        }
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .size();
    }
}
