// SPDX-License-Identifier: Apache-2.0
/** Which limits of a container to change, and how problems with them are reported. */
package dev.jrun.container.update;
