/** The field of the kit under its former name. */
export { Field, type FieldProps } from "../kit/field";
