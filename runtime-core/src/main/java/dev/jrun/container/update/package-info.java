// SPDX-License-Identifier: Apache-2.0
/** Which limits of a container are to be changed, and how what is wrong with them is told to whoever asks for it. */
package dev.jrun.container.update;
