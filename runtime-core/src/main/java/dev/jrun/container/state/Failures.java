// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import dev.jrun.kernel.Errno;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;

/** What the engine's own file operations failed of, in the words of strerror(3), which Java hides for some errors. */
public final class Failures {

    private Failures() {}

    /** The reason, without the file's name. */
    static String reason(IOException error) {
        return switch (error) {
            case AccessDeniedException denied -> "permission denied";
            case NoSuchFileException missing -> "no such file or directory";
            case NotDirectoryException other -> "not a directory";
            case DirectoryNotEmptyException full -> "directory not empty";
            case FileAlreadyExistsException there -> "file exists";
            case FileSystemException other when other.getReason() != null -> lowerCase(other.getReason());
            default -> error.getMessage() == null ? error.toString() : lowerCase(error.getMessage());
        };
    }

    /** The file that it is about and the reason. */
    public static String describe(IOException error) {
        return error instanceof FileSystemException known && known.getFile() != null
                ? known.getFile() + ": " + reason(error)
                : reason(error);
    }

    /**
     * Whether there is no such file, or no directory that it could be in (ENOENT, ENOTDIR). Any other error leaves that open.
     */
    static boolean isAbsence(IOException error) {
        return error instanceof NoSuchFileException
                || error instanceof NotDirectoryException
                || Errno.ENOTDIR.message().equals(reason(error));
    }

    /** Whether nobody can write there (EROFS). */
    static boolean isReadOnly(IOException error) {
        return Errno.EROFS.message().equals(reason(error));
    }

    private static String lowerCase(String message) {
        return message.toLowerCase(Locale.ROOT);
    }
}
